"""The map in other people's pages: what an embed's address asks for, who may frame it, how often it was opened."""
