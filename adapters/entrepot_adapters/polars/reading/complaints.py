"""What libraries say when they can't read a file, for people."""


def first_line(error: BaseException) -> str:
    """The first line of an error's text; polars' errors go on with advice to programmers."""
    return str(error).partition("\n")[0].rstrip(":. ")
