/** Types of install.mjs, which is plain JavaScript because it runs before anything is installed. */
export function ensureInstalled(project?: string): Promise<void>;
export function nodeFault(version: string): string | null;
export function isInstalled(project: string): boolean;
export function linkPostgresLibraries(project: string): void;
