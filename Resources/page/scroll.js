// Tells those who look at the place of things whenever the page is scrolled that it was.
() => { for (const target of [window, document]) target.dispatchEvent(new Event("scroll")); }
