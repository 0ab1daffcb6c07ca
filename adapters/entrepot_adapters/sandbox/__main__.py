"""Starts the worker."""

import gc

if __name__ == "__main__":
    gc.disable()  # nothing of what is imported is garbage
    from entrepot_adapters.sandbox.worker import main

    main()
