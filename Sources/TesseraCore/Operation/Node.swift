/// One process among those that share a store, from its start to its end.
public enum Node {
    /// Drawn anew by each process.
    public typealias ID = Identifier<Node>
}
