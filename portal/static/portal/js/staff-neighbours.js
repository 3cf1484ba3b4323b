/* Alt + Page Up and Alt + Page Down open the record before and after the one of the form. */
document.addEventListener("keydown", event => {
  const rel = { PageUp: "prev", PageDown: "next" }[event.key];
  if (!rel || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = document.querySelector(`.object-tools a[rel=${rel}]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});
