"""HTTP: thin functions around the services."""
