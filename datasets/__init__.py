"""What the world looks like: counties, places, chains and codes. Imports nothing of ours outside this room."""
