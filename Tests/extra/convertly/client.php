<?php
// Jobs as the vendor's PHP library sends them: files[0], files[1], saveToStorage, the key of a job as a field and as a header.
// usage: php client.php BASE KEY PICTURE; prints the answers, one JSON document a line.
[, $base, $key, $picture] = $argv;

function call(string $method, string $path, ?array $body = null, array $headers = []): array
{
    global $base, $key;
    $curl = curl_init($base . $path);
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 120,
        CURLOPT_HTTPHEADER => array_merge(["Authorization: Bearer $key", 'Accept: application/json'], $headers),
    ]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    }
    $raw = curl_exec($curl);
    $json = json_decode((string) $raw, true);
    if (!is_array($json)) {
        return ['status' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE), 'error' => 'no JSON', 'raw' => $raw];
    }
    return ['status' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE), 'detail' => (string) ($json['detail'] ?? '')] + $json;
}

$fields = ['jobType' => 'convert', 'formats' => '["jpg","bmp"]', 'compressions' => '[82,82]', 'resizes' => '["original","original"]',
    'createArchive' => 'false', 'saveToStorage' => 'true', 'idempotencyKey' => 'run-1'];
$files = ['files[0]' => new CURLFile($picture, 'image/png', 'a.png'), 'files[1]' => new CURLFile($picture, 'image/png', 'b.png')];
$made = call('POST', '/api/jobs', $fields + $files, ['Idempotency-Key: run-1']);
echo json_encode($made), "\n";
echo json_encode(call('POST', '/api/jobs', $fields + $files, ['Idempotency-Key: run-1'])), "\n";
echo json_encode(call('GET', '/api/jobs?limit=20')), "\n";
echo json_encode(call('POST', '/api/compress', ['mode' => 'quality', 'quality' => '82', 'stripMetadata' => 'false', 'saveToStorage' => 'false',
    'files' => new CURLFile($picture, 'image/png', 'a.png')])), "\n";
echo json_encode(call('POST', '/api/convert', ['format' => 'jpg', 'compression' => '0', 'autoOrient' => 'true', 'mono' => 'false',
    'files' => new CURLFile($picture, 'image/png', 'a.png')])), "\n";
