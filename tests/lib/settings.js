// The settings that tests turn, by what they do; their names stand here and nowhere else.
export const SETTING = {
  storeUrl: 'store.url',
  headerDeadline: 'http.header_timeout',
  totalDeadline: 'http.request_timeout',
  idleDeadline: 'http.idle_timeout',
  identityHeaders: 'face.edge.identity_headers',
  edgeTokenLife: 'face.edge.token_life',
  failuresOfNetwork: 'login.network_minute',
};

/** The environment variable that sets it. */
export function settingVariable(name) {
  return `SIGNET_${name.replace(/[.-]/g, '_').toUpperCase()}`;
}
