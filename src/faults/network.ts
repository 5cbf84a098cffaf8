// How runtimes report that a connection could not be made, or broke. Node, Bun and libraries have codes. Deno, edge
// runtimes and browsers have only messages, which begin as listed here.

export const networkCode: RegExp =
  /^E(CONN|NOTFOUND|AI_|PIPE|HOST|NET|PROTO|ADDR)|^UND_ERR|^ERR_(STREAM|HTTP2|TLS|SSL|SOCKET|NETWORK|INTERNET|CONNECTION|NAME_NOT|CERT|INVALID_HTTP|_?ERROR_FORMAT|_?ERROR_ALLOC|PADDING|_?BROTLI)|^(ERR_)?Z_\w+|^HPE_|^Connection[A-Z]|^FailedToOpenSocket|^CERT_|_CERT(_|$)|^UNABLE_TO_(VERIFY|GET)|SELF_SIGNED|^HOSTNAME_MISMATCH|^(Zlib|Brotli|Zstd)\w*Error|ZSTD/;

const sentences: readonly RegExp[] = [
  /^(fetch failed|terminated|socket hang up|other side closed|premature close|aborted)$|^client network socket disconnected/i, // Node
  /^(read|write|connect|getaddrinfo) E[A-Z_]+/,
  /^(request to \S+ failed, reason:|invalid response body while trying to fetch)/i, // node-fetch
  /^(unable to connect\b|the socket connection was closed|connection (was )?(closed|reset|refused|terminated|aborted|lost)\b)/i, // Bun
  /^(error (sending request|reading a body|decoding response body|trying to connect|from user's body)|(client|connection|http2|request or response body|dns|tcp connect) error|tls handshake|failed to lookup address)/i, // Deno
  /^(network connection lost|internal error; reference|failed to connect|tls peer)/i, // Workers
  /^(load failed|failed to fetch|network ?error\b|network request failed|error in (input|body) stream|net::ERR_)/i, // Chrome, Firefox, React Native
  /^(the network connection was lost|the internet connection appears|a server with the specified hostname|could not connect to the server|an ssl error|the certificate for this server)/i, // Safari, iOS
  /^(unexpected end of (file|input|data)|incorrect header check|invalid (block type|distance|stored block|code lengths|gzip)|decompression failed|corrupt\w* (deflate|gzip|stream))/i, // gzip and brotli
  /^(unable to verify the first certificate|self[- ]signed certificate|certificate (has expired|verify failed))/i,
];

const timeouts =
  /^(the )?(operation|request|connection|network request|network|socket|body|headers|response)?( has| was)? ?(timed out|timeout)\b/i;

/** Whether a message is a runtime's report of a broken connection. */
export const isNetworkSentence = (message: string): boolean =>
  sentences.some((sentence) => sentence.test(message));

export const isTimeoutSentence = (message: string): boolean => timeouts.test(message);
