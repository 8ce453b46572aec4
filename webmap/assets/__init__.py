"""Third-party scripts and styles: which, and how they get into `webmap/static/vendor`."""
