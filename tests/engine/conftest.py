"""Being here, it lets subfolders import `plain_keras` and the like."""
