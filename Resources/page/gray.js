// Takes the colour out of the page.
() => { document.documentElement.style.setProperty("filter", "grayscale(1)", "important"); }
