"""From records to what a page shows: text, links, tables. Declarations drive it; markup is the templates' business."""
