/** The codes of runtime/access: who may ask, and whose bundles are taken. */
export const accessCodes = {
  ACCESS_BUNDLE_UNTRUSTED: 'A bundle is not signed with a key that the runtime trusts.',
  ACCESS_OIDC_KEYS_MISSING: 'The keys of an identity provider cannot be had, so that its tokens are refused.',
  ACCESS_OIDC_REFUSED: 'A token of an identity provider is wrong, or was used before.',
  ACCESS_TRUST_INVALID: 'A trust file is not of the expected shape.',
  ACCESS_TOKEN_NAME_TAKEN: 'There is a token of this name already.',
  ACCESS_TOKEN_UNKNOWN: 'There is no token of this name.',
} as const;
