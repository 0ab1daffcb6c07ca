"""What Entrepot does, as functions over its ports; ``local`` binds them into ``Operations``."""
