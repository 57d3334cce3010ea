"""Pure functions from text to text: the steps that plans are built from."""
