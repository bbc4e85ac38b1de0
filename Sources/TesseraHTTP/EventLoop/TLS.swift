import Glibc
import TesseraCTLS

/// A certificate for TLS 1.2 and 1.3. This is the only file that calls libssl.
///
/// Safe to share: OpenSSL counts references to an `SSL_CTX` and locks it, and it does not change after `init`.
final class TLSContext: @unchecked Sendable {
    fileprivate let context: OpaquePointer

    init(_ configuration: TLSConfiguration) throws(ServerError) {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_server_method()) else {
            throw .system("OpenSSL cannot create a TLS context.")
        }
        self.context = context
        tessera_tls_configure(context)
        guard SSL_CTX_use_certificate_chain_file(context, configuration.certificateFile) == 1 else {
            throw .badCertificate(
                "The certificate \(configuration.certificateFile) cannot be read\(Self.reason).")
        }
        guard SSL_CTX_use_PrivateKey_file(context, configuration.keyFile, SSL_FILETYPE_PEM) == 1 else {
            throw .badCertificate("The private key \(configuration.keyFile) cannot be used\(Self.reason).")
        }
        guard SSL_CTX_check_private_key(context) == 1 else {
            throw .badCertificate(
                "The private key \(configuration.keyFile) does not belong to the certificate.")
        }
    }

    deinit { SSL_CTX_free(context) }

    /// The reason of the last failure if OpenSSL gives one, after a colon.
    private static var reason: String {
        let code = ERR_get_error()
        guard code != 0, let text = ERR_reason_error_string(code) else { return "" }
        return ": \(String(cString: text))"
    }
}

/// The TLS state of one connection; only the thread of its loop uses it.
final class TLSSession {
    private let session: OpaquePointer
    private var hasFailed = false

    init?(_ context: TLSContext, socket: Int32) {
        guard let session = SSL_new(context.context) else { return nil }
        self.session = session
        guard SSL_set_fd(session, socket) == 1 else {
            SSL_free(session)
            return nil
        }
        SSL_set_accept_state(session)
    }

    deinit { SSL_free(session) }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Transport.Outcome {
        guard !hasFailed else { return .failed }
        ERR_clear_error()
        var count = 0
        let result = SSL_read_ex(session, buffer.baseAddress, buffer.count, &count)
        // OpenSSL may already have read further records, so only "would block" means that there is no more data.
        return result == 1 ? .moved(count, isPartial: false) : outcome(result)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Transport.Outcome {
        guard !hasFailed else { return .failed }
        ERR_clear_error()
        var count = 0
        let result = SSL_write_ex(session, bytes.baseAddress, bytes.count, &count)
        return result == 1 ? .moved(count, isPartial: false) : outcome(result)
    }

    func endWriting() {
        guard !hasFailed, SSL_is_init_finished(session) == 1 else { return }
        ERR_clear_error()
        SSL_shutdown(session)
    }

    private func outcome(_ result: Int32) -> Transport.Outcome {
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            hasFailed = true
            return .failed
        }
    }
}
