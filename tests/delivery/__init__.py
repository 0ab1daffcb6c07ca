"""What builds, ships and runs Entrepot fits together, as far as that is seen without a cloud."""
