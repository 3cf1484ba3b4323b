/* Alt + / moves the focus to the search box. The code of the key counts too: the Option key of
   a Mac and input methods change the character. */
document.addEventListener("keydown", event => {
  const isSlash = event.key === "/" || event.code === "Slash";
  if (!isSlash || !event.altKey || event.ctrlKey || event.metaKey) return;
  const box = document.getElementById("staff-search-input");
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
