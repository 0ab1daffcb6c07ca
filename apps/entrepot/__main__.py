"""``python -m entrepot`` is the command line."""

if __name__ == "__main__":  # the processes of a server import this module too, and need no command line
    from entrepot.cli.app import main

    main()
