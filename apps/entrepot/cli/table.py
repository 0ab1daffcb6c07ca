"""The table of commands: groups, paths, summaries, examples."""

COMMANDS = {
    "Land": {
        "add": (
            "landing:add",
            "Land files, or what URLs name: CSV, TSV, JSON, NDJSON, Parquet, Arrow or Excel, found by looking.",
            (
                "entrepot add cars.csv --title Cars --type code=string\n"
                "entrepot add https://example.org/cars.csv.gz\n"
                "entrepot add https://example.org/cars.csv --image photo --publish --refresh 1h"
            ),
        ),
        "replace": (
            "landing:replace",
            "Read a file into a dataset's next version, or without a file fetch its URL again; it is read as before.",
            (
                "entrepot replace cars cars-2025.csv\nentrepot replace cars\n"
                "entrepot replace cars cars-2025.csv --no-wait --store http://127.0.0.1:8000"
            ),
        ),
        "append": (
            "changing:append",
            "Add the rows of a file, which makes the next version; columns it does not have are null.",
            'entrepot append cars more-cars.csv\necho \'{"make": "Kia", "price": 9500}\' | entrepot append cars -',
        ),
        "update": (
            "changing:update",
            "Give rows new values from a file with a column _id, which makes the next version.",
            'entrepot update cars prices.csv\necho \'{"_id": 17, "price": 9000}\' | entrepot update cars -',
        ),
        "demo": (
            "demo:demo",
            "See it work on a sample: statistics, a workbook and a PDF, the files in this folder.",
            "entrepot demo\nentrepot demo cars",
        ),
    },
    "Look": {
        "list": ("looking:list_", "List the datasets, the newest first.", "entrepot list --q car --sort name"),
        "show": (
            "looking:show",
            "Show a dataset: its columns, and how its file was read.",
            "entrepot show cars\nentrepot show cars --json | jq .rows",
        ),
        "stats": ("looking:stats", "Describe the numeric columns, as df.describe() does.", "entrepot stats cars --all"),
        "statistics": (
            "looking:statistics",
            "Show each column's statistics with a histogram.",
            "entrepot statistics cars",
        ),
        "rows": (
            "reading:rows",
            "Show some rows: filtered, sorted, searched.",
            (
                "entrepot rows cars --where price__lt=5000 --where make=Kia --sort -year\n"
                'entrepot rows cars --q "kia oslo" --any-of "(electric.true,doors.3)"'
            ),
        ),
        "row": ("reading:row", "Show one row whole, by its number.", "entrepot row cars 17"),
        "facets": (
            "reading:facets",
            "Count the values of some columns, the most frequent first.",
            "entrepot facets cars --columns make,city --where electric=true",
        ),
        "search": (
            "looking:search",
            "Find datasets by a text, also by the names of their columns.",
            "entrepot search price",
        ),
        "collection": (
            "picturing:collection",
            "Show what a published dataset serves to web pages and apps: its items, with where their images are.",
            "entrepot collection cars mobile --where make=Kia --sort -price\nentrepot collection cars --id 377 --json",
        ),
        "images": (
            "picturing:images",
            "List the images of a dataset: which are there, and what is wrong with the others; fetch or upload some.",
            (
                "entrepot images cars --state failed\nentrepot images cars --retry\n"
                "entrepot images cars --put 377=front.jpg --put 378=side.jpg --column photo"
            ),
        ),
        "versions": ("history:versions", "List a dataset's versions, the newest first.", "entrepot versions cars"),
        "diff": (
            "history:diff",
            "Show how two versions differ: by default the newest from the one before.",
            "entrepot diff cars 1 3",
        ),
    },
    "Take out": {
        "excel": (
            "taking:excel",
            "Write an Excel workbook: by default DATASET.xlsx, in this folder.",
            "entrepot excel cars -o used-cars.xlsx",
        ),
        "plot": (
            "taking:plot",
            "Draw the histograms of the numeric columns: by default into DATASET.pdf, in this folder.",
            "entrepot plot cars --columns price,mileage --bins 40 -o cars.svg",
        ),
        "export": (
            "taking:export",
            "Write the table, or a part of it, in any format: by default as csv to the standard output.",
            (
                "entrepot export cars -o cars.parquet --where price__gt=10000 --sort -price\n"
                "entrepot export cars --format json --columns make,price | jq length"
            ),
        ),
        "file": (
            "taking:file",
            "Give back the file a dataset was made from, byte for byte: by default to the standard output.",
            "entrepot file cars -o .",
        ),
        "image": (
            "picturing:image",
            "Give an image by its digest, as it came or as a platform wishes it: by default to the standard output.",
            (
                "entrepot image 07123e1f482356c415f684407a3b8723e10b2cbbc0b8fcd6282c49d37c9c1abc "
                "--rendition web -o front.webp"
            ),
        ),
        "rejects": (
            "taking:rejects",
            "Give the rows that an import set aside, as csv: by default to the standard output.",
            "entrepot rejects cars -o .",
        ),
    },
    "Look after": {
        "edit": (
            "keeping:edit",
            "Change a dataset's name, title, description or tags, or how it is shown.",
            (
                'entrepot edit cars --title "Used cars" --tag sales --tag 2024\n'
                "entrepot edit cars --publish --image photo --refresh none"
            ),
        ),
        "schema": (
            "keeping:schema",
            "Show a dataset's fields, or with --set have its file read again with other types, as its next version.",
            "entrepot schema cars\nentrepot schema cars --set doors=string",
        ),
        "drop-rows": (
            "changing:drop_rows",
            "Remove rows, by filters or by their numbers, which makes the next version.",
            "entrepot drop-rows cars --where year__lt=2010\nentrepot drop-rows cars --id 17 --id 18",
        ),
        "restore": ("history:restore", "Make an older version the next one.", "entrepot restore cars 1"),
        "remove": ("keeping:remove", "Remove datasets with all their versions.", "entrepot remove cars trucks"),
        "jobs list": (
            "working:list_",
            "List the jobs, the newest first: imports begun with --no-wait, and those that take long.",
            "entrepot jobs list --state running",
        ),
        "jobs show": (
            "working:show",
            "Show a job: how far it is, and what came of it.",
            "entrepot jobs show 019aa5c0-9b40-7a11-8c1d-5f0e7d2b6a90 --follow",
        ),
        "jobs cancel": (
            "working:cancel",
            "Cancel jobs: they end in a moment and leave nothing, unless they are done by then.",
            "entrepot jobs cancel 019aa5c0-9b40-7a11-8c1d-5f0e7d2b6a90",
        ),
        "metadata list": (
            "registering:list_",
            "List the records of the metadata registry, the oldest first.",
            "entrepot metadata list --source-name flights",
        ),
        "metadata show": (
            "registering:show",
            "Show a record, or all that it ever was.",
            "entrepot metadata show 019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6a --history",
        ),
        "metadata add": (
            "registering:add",
            "Register a record: a name, and a payload that fits the store's schema.",
            "entrepot metadata add flights --file flights.json",
        ),
        "metadata update": (
            "registering:update",
            "Give a record another payload, another name, or both; what is left out stays.",
            "entrepot metadata update 019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6a --name trains",
        ),
        "metadata remove": (
            "registering:remove",
            "Remove records with their histories.",
            "entrepot metadata remove 019aa5c0-8a11-7d0e-b2c4-1f2e3d4c5b6a",
        ),
        "check": (
            "checking:check",
            "Compare all stored bytes with their digests, and look for what nobody needs.",
            "entrepot check\nentrepot check --repair",
        ),
        "backup": (
            "checking:backup",
            "Copy a store into a folder, whole, as it is at one moment; others may use it meanwhile.",
            "entrepot backup /backups/entrepot",
        ),
        "db": (
            "checking:db",
            "Look at the database of a store (check), or bring it up to date (upgrade).",
            "entrepot db check\nentrepot db upgrade",
        ),
        "serve": (
            "serving:serve",
            "Serve a store over HTTP until Ctrl-C.",
            "entrepot serve --port 8000\nentrepot list --store http://127.0.0.1:8000",
        ),
    },
}
"""Group to command to where it is, what it does, and examples."""

FAMILIES = {
    "jobs": "Long work: see how far it is, or cancel it.",
    "metadata": "The metadata registry: what configures a platform's sources, as JSON under a name.",
}
"""Words that several commands begin with, and what these are about."""

ALIASES = {"list": "ls", "remove": "rm"}
