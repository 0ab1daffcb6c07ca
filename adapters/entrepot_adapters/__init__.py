"""Entrepot's adapters: one module or folder per driven port and technology."""
