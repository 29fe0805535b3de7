// A whole number from 1 to 10,000.
>> {"jsonrpc":"2.0","id":1,"method":"report.daily","params":{"last":0}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"last takes a whole number, 1 to 10,000"}}}
>> {"jsonrpc":"2.0","id":2,"method":"report.daily","params":{"last":10001}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"last takes a whole number, 1 to 10,000"}}}
>> {"jsonrpc":"2.0","id":3,"method":"report.daily","params":{"last":true}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"last takes a whole number, 1 to 10,000"}}}
>> {"jsonrpc":"2.0","id":4,"method":"report.daily","params":{"last":2.5}}
<< {"jsonrpc":"2.0","id":4,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"last takes a whole number, 1 to 10,000"}}}
>> {"jsonrpc":"2.0","id":5,"method":"report.daily","params":{"last":"3"}}
<< {"jsonrpc":"2.0","id":5,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"last takes a whole number, 1 to 10,000"}}}
