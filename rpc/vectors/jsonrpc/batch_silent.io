// A batch of notifications gets no answer at all.
>> [{"jsonrpc":"2.0","method":"session.hello"},{"jsonrpc":"2.0","method":"nope"}]
