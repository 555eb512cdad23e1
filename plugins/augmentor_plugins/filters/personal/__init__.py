"""Finding personal data by patterns and checksums, and replacing it."""
