"""Third-party scripts, styles and the font of pictures: which, and how they get into `webmap/static/vendor`."""
