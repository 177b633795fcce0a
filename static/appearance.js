// Runs before the first paint so that a dark or large page never flashes light and small. Classic and on its own because
// the policy of this site allows no inline script. src/ui/appearance.ts holds the same rules; its test compares the two.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem('nuanlin-theme');
    var size = localStorage.getItem('nuanlin-text-size');
    var language = localStorage.getItem('PARAGLIDE_LOCALE');
    if (theme === 'light' || theme === 'dark' || theme === 'sun') root.dataset.theme = theme;
    if (size === '24' || size === '30' || size === '36') root.dataset.size = size;
    if (size === '30' || size === '36') root.classList.add('big-text');
    if (language === 'en') root.lang = 'en';
  } catch (storageIsOff) {
    // The phone's own look is a good one. Whoever else asks for what is kept must not break: it lasts as long as the page.
    var kept = {};
    var stand = {
      lasts: false,
      getItem: function (key) {
        return Object.prototype.hasOwnProperty.call(kept, key) ? kept[key] : null;
      },
      setItem: function (key, value) {
        kept[key] = String(value);
      },
      removeItem: function (key) {
        delete kept[key];
      },
    };
    Object.defineProperty(window, 'localStorage', { value: stand });
  }
})();
