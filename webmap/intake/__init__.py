"""From an uploaded file to drafts: what staff pages and `relitu import` share. Knows no HTTP."""
