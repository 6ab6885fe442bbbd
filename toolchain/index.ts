export { SettingError, ToolError } from "./errors.ts";
export { type Progress, silentProgress } from "./progress.ts";
