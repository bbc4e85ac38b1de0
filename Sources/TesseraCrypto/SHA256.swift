import Glibc
import TesseraCOpenSSL

/// SHA-256 (FIPS 180-4).
///
/// Every request computes a digest, so each thread keeps a context. Times for the 68 bytes of a token, on one core: 190
/// ns with the kept context; 250 ns with `EVP_Digest`, which makes a context each time; 750 ns with `SHA256()` or
/// `EVP_sha256()`, which also fetch the algorithm each time.
public enum SHA256 {
    /// Returns the digest of `bytes`.
    public static func digest(of bytes: [UInt8]) -> SHA256Digest {
        bytes.withUnsafeBytes { digest(of: $0) }
    }

    /// Returns the digest of the UTF-8 of `text`.
    public static func digest(of text: String) -> SHA256Digest {
        var text = text
        return text.withUTF8 { digest(of: UnsafeRawBufferPointer($0)) }
    }

    /// Returns the digest of `bytes`.
    public static func digest(of bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        SHA256Digest { output in
            let context = context
            let isDone =
                EVP_DigestInit_ex2(context, algorithm, nil) == 1
                && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
                && EVP_DigestFinal_ex(context, output, nil) == 1
            // Only an allocation inside libcrypto can fail. A digest of zeros would make all tokens equal.
            precondition(isDone, "libcrypto cannot compute SHA-256")
        }
    }

    /// The context of this thread, made at its first use and freed at the end of the thread.
    private static var context: OpaquePointer {
        if let kept = pthread_getspecific(contextKey) { return OpaquePointer(kept) }
        guard let made = EVP_MD_CTX_new() else { fatalError("libcrypto has no memory for a digest") }
        pthread_setspecific(contextKey, UnsafeRawPointer(made))
        return made
    }

    private static let contextKey: pthread_key_t = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key) { context in EVP_MD_CTX_free(context.map { OpaquePointer($0) }) }
        precondition(code == 0, "the process has no free key for thread-specific data")
        return key
    }()

    /// The algorithm, fetched once because a lookup by name costs more than the digest.
    // Safe to share: libcrypto never changes an algorithm after it was fetched.
    nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = EVP_MD_fetch(nil, "SHA2-256", nil) else {
            fatalError("libcrypto has no SHA-256")
        }
        return algorithm
    }()
}
