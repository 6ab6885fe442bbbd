// Without the fonts that the theme brings: a reader's own are at hand at once.
import theme from "vitepress/theme-without-fonts";
import "./style.css";

export default theme;
