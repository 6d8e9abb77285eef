<?php
// Converts a picture: sends it, waits for the job, saves the result. PHP 8 with its curl extension.
$server = getenv('WONDER_URL') ?: 'http://127.0.0.1:8080';

function ask(string $address, ?array $form = null): array
{
    $call = curl_init($address);
    curl_setopt_array($call, [CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => ['X-API-Key: ' . getenv('WONDER_KEY')]]);
    if ($form !== null) {
        curl_setopt($call, CURLOPT_POSTFIELDS, $form);
    }
    $text = curl_exec($call);
    if ($text === false || curl_getinfo($call, CURLINFO_RESPONSE_CODE) >= 400) {
        throw new RuntimeException($text === false ? curl_error($call) : $text);
    }
    return json_decode($text, true, 512, JSON_THROW_ON_ERROR);
}

$job = ask("$server/api/v1/jobs", [
    'conversion_type' => 'image',
    'from' => 'png',
    'to' => 'jpg',
    'options[quality]' => '80',
    'files[]' => new CURLFile('photo.png'),
]);

do {
    sleep(1);
    $state = ask("$server/api/v1/jobs/{$job['request_id']}");
} while (in_array($state['job']['status'], ['pending', 'processing'], true));
if ($state['job']['status'] !== 'completed') {
    throw new RuntimeException($state['job']['error_message'] ?? $state['job']['status']);
}

file_put_contents('photo.jpg', file_get_contents($state['outputs'][0]['download_url']));
echo "saved photo.jpg\n";
