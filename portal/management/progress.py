"""Progress bar of management commands."""


class ProgressBar:
    """Progress bar that prints nothing if the output stream is not a terminal."""

    WIDTH = 40

    def __init__(self, stream, total: int):
        self.stream, self.total, self.done = stream, max(total, 1), 0
        self.is_terminal = stream.isatty()

    def advance(self, rows: int) -> None:
        self.done += rows
        if self.is_terminal:
            filled = self.WIDTH * self.done // self.total
            bar = "#" * filled + "." * (self.WIDTH - filled)
            self.stream.write(f"\r[{bar}] {self.done}/{self.total}", ending="")

    def finish(self) -> None:
        if self.is_terminal:
            self.stream.write("")
