/* The key "/" moves the focus to the search box of the staff admin. */
document.addEventListener("keydown", event => {
  const isText = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isText) {
    return;
  }
  const box = document.getElementById("staff-search-input");
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
