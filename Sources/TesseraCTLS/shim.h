#pragma once
#include <openssl/ssl.h>
#include <openssl/err.h>
#include <string.h>

// Selects HTTP/1.1 for clients that use ALPN (RFC 7301 §3.2), and refuses clients that do not offer it. OpenSSL accepts
// this selection only from a callback.
static int tessera_tls_select_protocol(SSL *session, const unsigned char **chosen, unsigned char *chosen_length,
                                       const unsigned char *offered, unsigned int offered_length, void *argument) {
    static const unsigned char protocols[] = "\x08http/1.1";
    (void)session;
    (void)argument;
    return SSL_select_next_proto((unsigned char **)chosen, chosen_length, protocols, sizeof protocols - 1, offered,
                                 offered_length) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Most of these are macros over SSL_CTX_ctrl(), which Swift does not import. TLS 1.2 or later, no renegotiation, no
// compression. The event loop makes partial writes and repeats them from a different address.
static inline void tessera_tls_configure(SSL_CTX *context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, tessera_tls_select_protocol, NULL);
}
