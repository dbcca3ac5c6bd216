// The page's colours for what hangs over it, outside of any component.

const COLORS = ["text-color", "background-color", "border-color", "primary-color"];

// `host`: an element of a component, where Streamlit puts them.
export function wearTheme(node, host) {
  const style = getComputedStyle(host);
  for (const name of COLORS) node.style.setProperty(`--st-${name}`, style.getPropertyValue(`--st-${name}`));
}

// A text that is another one in another theme.
export const themeOf = host => getComputedStyle(host).getPropertyValue("--st-background-color");
