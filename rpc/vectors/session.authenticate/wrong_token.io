// A wrong token ends the connection, after its answer.
>> {"jsonrpc":"2.0","id":1,"method":"session.authenticate","params":{"token":"another"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32003,"message":"Not authenticated","data":{"kind":"wrongToken","hint":"rpc.json tells the token; a service that starts writes a new one"}}}
--
