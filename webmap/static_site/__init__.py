"""The public side as files: for nginx or a CDN, for a folder opened from a disk, or as one HTML file."""
