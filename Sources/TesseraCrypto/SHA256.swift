import TesseraCOpenSSL

/// SHA-256 — FIPS 180-4.
///
/// On the path of every request. For the 68 bytes of a token, on one core: `EVP_Digest` with an algorithm
/// fetched once 250 ns; with a context kept for each thread 190 ns, which is not worth a state per thread;
/// `SHA256()` or `EVP_sha256()` 750 ns, because they fetch the algorithm each time.
public enum SHA256 {
    /// The digest of `bytes`.
    public static func digest(of bytes: Span<UInt8>) -> SHA256Digest {
        bytes.withUnsafeBytes { digest(of: $0) }
    }

    /// The digest of `bytes`.
    public static func digest(of bytes: [UInt8]) -> SHA256Digest {
        bytes.withUnsafeBytes { digest(of: $0) }
    }

    /// The digest of the UTF-8 of `text`.
    public static func digest(of text: String) -> SHA256Digest {
        var text = text
        return text.withUTF8 { digest(of: UnsafeRawBufferPointer($0)) }
    }

    /// The digest of `bytes`.
    public static func digest(of bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        SHA256Digest { output in
            let done = EVP_Digest(bytes.baseAddress, bytes.count, output, nil, algorithm, nil)
            // Only an allocation inside libcrypto can fail; going on with a digest of zeros would make all
            // tokens equal.
            precondition(done == 1, "libcrypto cannot compute SHA-256")
        }
    }

    /// Fetched once: looking an algorithm up by name costs more than the digest.
    // Safe to share: libcrypto never changes an algorithm after fetching it.
    nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = EVP_MD_fetch(nil, "SHA2-256", nil) else {
            fatalError("libcrypto has no SHA-256")
        }
        return algorithm
    }()
}
