"""What Relitu is measured against, and the servers that run it."""
