import Glibc
import Synchronization
public import TesseraPostgres
import TesseraStores

/// A real PostgreSQL of its own for tests: in a temporary directory, durable only for as long as the process lives.
///
/// A small shell stands between: it ends the server and removes the directory as soon as the pipe to it breaks, however
/// the process of the tests may end.
public final class PostgresServer: Sendable {
    /// There is no server, and no test that needs one can pass.
    public struct Unavailable: Error, CustomStringConvertible {
        public let description: String
    }

    private static let shared = Task { try await PostgresServer() }
    private static let databaseCount = Atomic<Int>(0)

    private let programs: String
    private let directory: String
    /// The port on 127.0.0.1, where a password is asked for; on the UNIX socket nobody is asked.
    public let port: Int
    /// The name of its UNIX socket.
    public var socketName: String { "\(directory)/.s.PGSQL.\(port)" }
    /// The server's first process.
    public let process: Int32
    private let lifeline: Int32

    /// The server that all tests of the process share; started when first asked for.
    public static func running() async throws -> PostgresServer { try await shared.value }

    /// A server for a test that stops it or freezes it.
    public convenience init() async throws { try await self.init(PostgresPrograms.find()) }

    private init(_ programs: String) async throws {
        self.programs = programs
        var template = Array("/tmp/tessera-postgres-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Unavailable(description: "no temporary directory") }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.directory = directory
        port = try Self.freePort()
        (process, lifeline) = try await Self.start(programs, directory, port)
    }

    deinit { close(lifeline) }

    /// The URL of a new database, empty or a copy of another, over the UNIX socket.
    public func makeDatabase(copyOf template: String? = nil) async throws -> PostgresURL {
        let name = "test\(Self.databaseCount.wrappingAdd(1, ordering: .relaxed).newValue)"
        try await execute("CREATE DATABASE \(name)\(template.map { " TEMPLATE \($0)" } ?? "")")
        return try url(of: name)
    }

    /// The URL of a database, over the UNIX socket.
    public func url(of database: String) throws -> PostgresURL {
        try url(of: database, by: directory)
    }

    /// The URL of a database, over the UNIX socket in another directory, where somebody stands between.
    public func url(of database: String, by directory: String) throws -> PostgresURL {
        try PostgresURL("postgres://postgres@/\(database)?host=\(directory)&port=\(port)")
    }

    /// Runs SQL as the superuser and returns what it prints, a line a row.
    @discardableResult
    public func execute(_ sql: String, in database: String = "postgres") async throws -> String {
        try await Self.run([
            "\(programs)/psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
            "--set=ON_ERROR_STOP=1",
            "--host=\(directory)", "--port=\(port)", "--username=postgres", "--dbname=\(database)",
            "--command", sql,
        ])
    }

    /// Stops every process of the server where it is, as a machine would that hangs.
    public func freeze() { signal(SIGSTOP) }

    /// Lets them go on.
    public func thaw() { signal(SIGCONT) }

    /// Stops one process of the server where it is: to whoever is connected to it, as if the network had gone.
    public func freeze(_ process: Int32) { kill(process, SIGSTOP) }

    /// Lets that one go on.
    public func thaw(_ process: Int32) { kill(process, SIGCONT) }

    /// The processes that serve those who listen to others in this database.
    public func listeners(in url: PostgresURL) async throws -> [Int32] {
        try await execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = '\(url.database)' AND query LIKE 'NOTIFY %'"
        ).split(separator: "\n").compactMap { Int32($0) }
    }

    private func signal(_ signal: Int32) {
        // The server's processes are a session of their own each, but children of the first.
        for child in children() + [process] { kill(child, signal) }
    }

    private func children() -> [pid_t] {
        guard let file = fopen("/proc/\(process)/task/\(process)/children", "r") else { return [] }
        defer { fclose(file) }
        var children: [pid_t] = []
        var child: pid_t = 0
        while withUnsafeMutablePointer(
            to: &child,
            { pointer in
                withVaList([pointer]) { vfscanf(file, "%d", $0) }
            }) == 1
        { children.append(child) }
        return children
    }

    // MARK: Starting

    private static let watchdog = """
        set -e
        programs=$1 directory=$2 port=$3
        as_server=
        if [ "$(id -u)" = 0 ]; then
            # PostgreSQL refuses to run as root.
            chown postgres "$directory"
            as_server='setpriv --reuid=postgres --regid=postgres --clear-groups'
        fi
        cd "$directory"
        $as_server "$programs/initdb" --pgdata="$directory/data" --username=postgres --encoding=UTF8 --locale=C \\
            --auth-local=trust --auth-host=scram-sha-256 --no-sync --no-instructions >/dev/null
        $as_server "$programs/postgres" -D "$directory/data" -k "$directory" -p "$port" -c listen_addresses=127.0.0.1 \\
            -c fsync=off -c full_page_writes=off -c max_connections=200 -c log_min_messages=panic \\
            >/dev/null 2>&1 4>&- &
        server=$!
        # What the shell ends for.
        trap '' INT TERM HUP
        echo "$server" >&4
        exec 4>&-
        # Whoever waits for the end of the tests does not wait for the directory to be removed.
        exec >/dev/null 2>&1
        read -r _ || true
        kill -CONT "$server" 2>/dev/null || true
        kill -QUIT "$server" 2>/dev/null || true
        wait "$server" || true
        rm -rf "$directory"
        """

    private static func start(
        _ programs: String, _ directory: String, _ port: Int
    ) async throws -> (process: pid_t, lifeline: Int32) {
        var life: [Int32] = [0, 0]
        var answer: [Int32] = [0, 0]
        guard pipe(&life) == 0, pipe(&answer) == 0 else { throw Unavailable(description: "no pipes") }
        for descriptor in life + answer { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        try spawn(
            ["/bin/sh", "-c", watchdog, "sh", programs, directory, String(port)],
            descriptors: [(life[0], 0), (answer[1], 4)])
        close(life[0])
        close(answer[1])
        let line = await readAll(answer[0])
        guard let process = pid_t(line.filter(\.isNumber)) else {
            throw Unavailable(description: "PostgreSQL could not be started")
        }
        // The socket is there before it is ready to answer.
        let question = [
            "\(programs)/pg_isready", "--quiet", "--host=\(directory)", "--port=\(port)",
            "--username=postgres",
        ]
        for _ in 0..<1_000 {
            do {
                _ = try await run(question)
                break
            } catch is Unavailable {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        return (process, life[1])
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Unavailable(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    // MARK: Processes

    private static func run(_ arguments: [String]) async throws -> String {
        var output: [Int32] = [0, 0]
        guard pipe(&output) == 0 else { throw Unavailable(description: "no pipe") }
        for descriptor in output { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let process = try spawn(arguments, descriptors: [(output[1], 1), (output[1], 2)])
        close(output[1])
        let text = await readAll(output[0])
        var status: Int32 = 0
        waitpid(process, &status, 0)
        guard status == 0 else { throw Unavailable(description: "\(arguments.last ?? ""): \(text)") }
        return text
    }

    @discardableResult
    private static func spawn(_ arguments: [String], descriptors: [(Int32, Int32)]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (from, to) in descriptors { posix_spawn_file_actions_adddup2(&actions, from, to) }
        let pointers = arguments.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        guard posix_spawn(&process, arguments[0], &actions, nil, pointers + [nil], environ) == 0 else {
            throw Unavailable(description: "\(arguments[0]) could not be started")
        }
        return process
    }

    /// Everything up to the end, read on a thread of its own.
    private static func readAll(_ descriptor: Int32) async -> String {
        await withCheckedContinuation { continuation in
            PostgresPrograms.onThread {
                var bytes: [UInt8] = []
                var block = [UInt8](repeating: 0, count: 4_096)
                while true {
                    let count = read(descriptor, &block, block.count)
                    if count < 0, errno == EINTR { continue }
                    if count <= 0 { break }
                    bytes += block[..<count]
                }
                close(descriptor)
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}

/// The programs of PostgreSQL, as Debian installs them.
package enum PostgresPrograms {
    /// The directory of the newest version.
    static func find() throws -> String {
        let root = "/usr/lib/postgresql"
        var versions: [Int] = []
        if let directory = opendir(root) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if let version = Int(name), access("\(root)/\(name)/bin/initdb", X_OK) == 0 {
                    versions.append(version)
                }
            }
            closedir(directory)
        }
        guard let newest = versions.max() else {
            throw PostgresServer.Unavailable(
                description:
                    "PostgreSQL is not installed: there is no \(root)/…/bin/initdb. Run script/setup test.")
        }
        return "\(root)/\(newest)/bin"
    }

    /// Runs something that waits, where nobody else has to.
    package static func onThread(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(Box(body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, argument.toOpaque())
        precondition(code == 0, "no thread")
        pthread_detach(thread)
    }
}
