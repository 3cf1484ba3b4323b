"""How far a command has come."""


class ProgressBar:
    """A bar on a terminal; silent where nobody watches."""

    WIDTH = 40

    def __init__(self, stream, total: int):
        self.stream, self.total, self.done = stream, max(total, 1), 0
        self.is_watched = stream.isatty()

    def advance(self, rows: int) -> None:
        self.done += rows
        if self.is_watched:
            filled = self.WIDTH * self.done // self.total
            bar = "#" * filled + "." * (self.WIDTH - filled)
            self.stream.write(f"\r[{bar}] {self.done}/{self.total}", ending="")

    def end(self) -> None:
        if self.is_watched:
            self.stream.write("")
