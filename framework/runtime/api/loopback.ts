/** Whether a host is this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** The host of a `Host` header or an origin, without its port; IPv6 in brackets. */
export function withoutPort(authority: string): string {
  return authority.replace(/:\d*$/, '').toLowerCase();
}
