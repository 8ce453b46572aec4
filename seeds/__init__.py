"""What the source documents say: facts with their source, and where they disagree. Imports datasets and geo only."""
