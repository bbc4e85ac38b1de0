import TesseraPostgres

extension ReplicaMarkStatements {
    /// The statements over the table `replica_mark`.
    static let tessera = ReplicaMarkStatements(
        write: "INSERT INTO replica_mark (mark) VALUES ($1)",
        // A node that still uses one of these draws another when it misses it; what another node deletes is passed over.
        prune: """
            DELETE FROM replica_mark WHERE mark IN (
                SELECT mark FROM replica_mark WHERE written_at < now() - interval '1 day' FOR UPDATE SKIP LOCKED)
            """,
        question: "SELECT mark FROM replica_mark WHERE mark = $1::uuid")
}
