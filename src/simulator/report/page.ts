import { type RunReport } from './report.js';
export const reportPage = (report: RunReport): string => `<pre>${JSON.stringify(report)}</pre>`;
