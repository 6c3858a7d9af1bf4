import { detection, ip } from 'margay';

/** The network of the office. */
const office = '198.51.100.0/24';

// What the YAML beside it cannot say. Both must hold; a misspelt field does not compile.
export default detection<'acme/vpn-without-second-factor'>({
  rule: (event) => !ip.inCidr(event.source, office),
  level: (event) => (event.role === 'admin' ? 'high' : undefined),
});
