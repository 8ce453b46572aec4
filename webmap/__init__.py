"""What a person sees: pages, API, commands. A view parses, calls one thing, renders."""
