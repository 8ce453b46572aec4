"""What stands before Flask: answers that are kept, a gate for the work that is not, and figures about both."""
