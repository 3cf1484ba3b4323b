/* Optional: every page works without this script.
   Stores the text size chosen with ?text= in localStorage, never in a cookie.
   Closes open menus on Escape, on a click elsewhere, and when another menu is opened. */
(function () {
  "use strict";
  var choice = /[?&]text=(large|normal)(&|$)/.exec(location.search);

  try {
    if (choice && choice[1] === "large") localStorage.setItem("text", "large");
    else if (choice) localStorage.removeItem("text");
    else if (localStorage.getItem("text") === "large") document.documentElement.dataset.text = "large";
  } catch (error) {
    // localStorage is unavailable: only the URL sets the text size.
  }

  var menus = document.querySelectorAll("details[data-menu]");

  function closeAll(except) {
    menus.forEach(function (menu) {
      if (menu !== except) menu.removeAttribute("open");
    });
  }

  menus.forEach(function (menu) {
    menu.addEventListener("toggle", function () {
      if (menu.open) closeAll(menu);
    });
    menu.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !menu.open) return;
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });

  document.addEventListener("click", function (event) {
    if (!event.target.closest || !event.target.closest("details[data-menu]")) closeAll(null);
  });
})();
