/* Made by openid_fixture.mjs: what it says of each token, and what we have to say to it. */
#pragma once

// clang-format off
static const char fixture_keys[] =
     "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"s7CEeCP9MbYZNMp6PJN8OolvUMJUf5CfE50NTBQIQ5IjY_FKT3AH7RaXP8Bbi"
     "ku_kK3MQecJtEOFo3Ly5JfetDBZKUhULavfMHjxE7ted-4e4gAKeY5VfOKDpJs3yVfk96SC6_Kbhnum-MqmVFhTa"
     "T7gGDhqxr0xqhp__ZCY5WnjR3hzzrtoY1-Wf8zC6hDaj8oYDFdfnameCSX2MY9PPXivmvuYJJHJj6K1NjOdgfzA6"
     "sT3jmLu1d26EY72ZdoJLFzJq3PefMqpDFM_iddNtgRxYGqeZU9WaY82x2UhV_2tGo6iXYKsXYe8WfNVPG2y34QAT"
     "pHu0P6JWjzz7fVruQ\",\"e\":\"AQAB\",\"kid\":\"r\",\"use\":\"sig\",\"alg\":\"RS256\"},{\"kty\":\"RSA\",\"n\":\"s7C"
     "EeCP9MbYZNMp6PJN8OolvUMJUf5CfE50NTBQIQ5IjY_FKT3AH7RaXP8Bbiku_kK3MQecJtEOFo3Ly5JfetDBZKUh"
     "ULavfMHjxE7ted-4e4gAKeY5VfOKDpJs3yVfk96SC6_Kbhnum-MqmVFhTaT7gGDhqxr0xqhp__ZCY5WnjR3hzzrt"
     "oY1-Wf8zC6hDaj8oYDFdfnameCSX2MY9PPXivmvuYJJHJj6K1NjOdgfzA6sT3jmLu1d26EY72ZdoJLFzJq3PefMq"
     "pDFM_iddNtgRxYGqeZU9WaY82x2UhV_2tGo6iXYKsXYe8WfNVPG2y34QATpHu0P6JWjzz7fVruQ\",\"e\":\"AQAB\","
     "\"kid\":\"p\",\"use\":\"sig\",\"alg\":\"PS256\"},{\"kty\":\"EC\",\"x\":\"6JpseVPeKSUoAhOAPf9JdV-o5AevkQ6TqO"
     "981ArOvOg\",\"y\":\"kNwqlH5E_c0uDBJiIa7cccnj_N6Mj6L5PX8GhXNJCyo\",\"crv\":\"P-256\",\"kid\":\"e\",\"us"
     "e\":\"sig\"},{\"kty\":\"RSA\",\"n\":\"s7CEeCP9MbYZNMp6PJN8OolvUMJUf5CfE50NTBQIQ5IjY_FKT3AH7RaXP8Bb"
     "iku_kK3MQecJtEOFo3Ly5JfetDBZKUhULavfMHjxE7ted-4e4gAKeY5VfOKDpJs3yVfk96SC6_Kbhnum-MqmVFhT"
     "aT7gGDhqxr0xqhp__ZCY5WnjR3hzzrtoY1-Wf8zC6hDaj8oYDFdfnameCSX2MY9PPXivmvuYJJHJj6K1NjOdgfzA"
     "6sT3jmLu1d26EY72ZdoJLFzJq3PefMqpDFM_iddNtgRxYGqeZU9WaY82x2UhV_2tGo6iXYKsXYe8WfNVPG2y34QA"
     "TpHu0P6JWjzz7fVruQ\",\"e\":\"AQAB\",\"kid\":\"for encryption\",\"use\":\"enc\",\"alg\":\"RSA-OAEP\"},{\"kt"
     "y\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"o\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"},{\""
     "kty\":\"oct\",\"kid\":\"h\",\"alg\":\"HS256\",\"k\":\"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\"}]}";

static const struct {
    const char *what, *token;
    enum err opened;
} fixtures[] = {
    {"RS256",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.M85E999yPUeRHsoRUT71gcBnH4YfkYCUBGlwzTIxv4wNdDrDpwzM75KSu7GlTGNn98NUMETfaJ2pE3fdgTm0g"
     "5TXEhjYMgXzcGg0n3lfkQioeki5nLVpboWUXo7UchkY59FpFpdkpPLTKzjplKWNuAhRPHe94BPrDC1u0YOGByUgy"
     "rwZm3TrfI2ECvQOmulJAB03pDTF7g4RF5ZTJTNdSZehnSmi5xMIORwECevcIbJ_4If4CwzdSz1eVo4QybObtSrBS"
     "8U-GU0BBScRhG5MBRjx43PIvWjKdql2hRTwmf9C3pgMNPhI8y2rJUeatIcCyGDdAT2AOnM8F2AUyA8wog",
     ERR_OK},
    {"RS256, typ JWT",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiL"
     "CJzdWIiOiIyNDgyODk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4M"
     "Dk3MCwibm9uY2UiOiJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXd"
     "EYyQW5wSzlSUSIsImVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2Z"
     "W5fbmFtZSI6IkFubiIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItM"
     "zZhMzA0YjY2ZGFkIn0.H06vCWJeOgNMjJdKqV5cfUnIdVdIRt2_5sRx76yeJ-MikvVlo0B4jI7X4tTwfVqR6waiV"
     "Ttnydh-gwZtAHlEiHSiXoCwLFT4F7xc1wTeGuwylxAq49WqRyXTqEpEp2QtuzrndUySfMLyKhWjjnBTAVerLiS5T"
     "3oTvq6DO9ny7R4rjsbIZQlBsyGTvtdZGrBWSwOTGoabZJ6ATuOUhztsTMMDmeXI2uCsTwqT6X_xZ8kt807ZtBoTW"
     "9ZoEJxo8ckAY3h62H4_E7O-PvKtNkaq2-3zO3d55ScmKrSDxvIPviD6bmDT4uG6PQooGCzgAx6C772jM7fBj7RMX"
     "rcD9unc5A",
     ERR_OK},
    {"PS256",
     "eyJhbGciOiJQUzI1NiIsImtpZCI6InAifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.Ad-itY7pSua9PmDcJR69kMly_yGUU8pGY7yBJ-th2juEG4iOVecOnX3ZPPcUP77Wub6aVUVUCk3MPNP3e6aFA"
     "yLUs3O98o5ybqj6dKeDQap-AlyE28_9xO3uP20J9S7ys1HWBG1oW6ZJjuUh8yjAQBtGwDJn2cx2b5Yb5WrviXzCX"
     "SROhGHVLSf4sXmVFFl77J7pf00FOtoCrkkXn4OVFeakIy1i9RwLM-moSU3fvAgZwvw6W1t7SBwpIw66dVwxWiKNP"
     "e03cB5Evy_Tba2boT90HX4wjge7gU3DCrTmUg2iQ8MjhJ33ETGwK7j7QK-uyw2WYOQ-3jVLKrYR5KiVag",
     ERR_OK},
    {"ES256",
     "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.RrkHPUmdGi4dfw6PAX-G0KNAGcECzJGZpU70evoIz8hmsV8ta_7jDMzoY_EptDDiYQl7TmnIQs02X8azcS1uW"
     "w",
     ERR_OK},
    {"no kid, one key of that algorithm",
     "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyODk3NjEwMDEiLCJ"
     "hdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiOiJuLTBTNl9XekE"
     "yTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsImVtYWlsIjoiYW5"
     "uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFubiIsImZhbWlseV9"
     "uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkIn0.e8M5rk95LVV"
     "eBnLphZJ6cfTdtm3YLdhM7ITJNFCvJPpU1ZEdFIEtnNelwS57QmTkHxLBEPjj9zFXyNZPF7luzg",
     ERR_OK},
    {"aud a list",
     "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOlsiY2xpZW50Il0sImV4cCI6MTMxMTI4MTk3MCwiaWF0IjoxMzExMjgwOTcwLCJub25jZ"
     "SI6Im4tMFM2X1d6QTJNaiIsImF6cCI6ImNsaWVudCIsImF0X2hhc2giOiI3N1FtVVB0alBmeld0RjJBbnBLOVJRI"
     "iwiZW1haWwiOiJhbm5AZXhhbXBsZS5jb20iLCJlbWFpbF92ZXJpZmllZCI6InRydWUiLCJnaXZlbl9uYW1lIjoiQ"
     "W5uIiwiZmFtaWx5X25hbWUiOiJMZWUiLCJ0aWQiOiI5MTg4MDQwZC02YzY3LTRjNWItYjExMi0zNmEzMDRiNjZkY"
     "WQifQ.-nWinNQLvl-RacSmZrO2ZgYJWk611anjEC29rdpMNDN3wCKiQoigB827UYcSGXI2jxBMI3gS6UJsvVv9O4"
     "I6cQ",
     ERR_OK},
    {"an access token of theirs",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJhdCtqd3QifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wb"
     "GUiLCJzdWIiOiIyNDgyODk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxM"
     "TI4MDk3MCwibm9uY2UiOiJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZ"
     "npXdEYyQW5wSzlSUSIsImVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ"
     "2l2ZW5fbmFtZSI6IkFubiIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxM"
     "TItMzZhMzA0YjY2ZGFkIn0.l4f5tXQLzuuEv-ZKIxs3j4tcanNS7tq132onhz2RQoKQMb9AwRAlI9VgR9N-jScMM"
     "0Oa20ArjEU7A92ZCOpXdBevEViDifItmWzfTqxmDBQblHl_pHk8S_9u8lYai7NdKAZLIbThwFW-HrKB0Qsjd2WDd"
     "jBSVQzG7_KnvXU1HWSDQQHvytzZidDOGb2StQJcgyr1_A8PnIT5XSps1wxasDuLqHQUTrHx3VGPud5k76GQKkyVc"
     "3RqErz3Ku5aCfamhJMG6X_kAJ6q9QKBMbLPICWkI-ggzMW-2j_m6EV10unU6HkBdMKblGu5HMMAqmz8o7HuH8nxC"
     "zXLwLgqC16VSQ",
     ERR_TOKEN_INVALID},
    {"somebody else's key under that kid",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.aF_EEm-T8rQiwR7wn0Fr6Bsjy8t5DvMK3B8i7p0HuffsYWLfwNxUHWOCN1QlWWsIgE2PhM3mGwr0HWSLTazGe"
     "HUFhj8VoaogNYFApcJnmtOlxDgZtfCmylrElkcfHfSD03qLx4M0-rWjTErcXhHPVF36mA3o2AQ0aXPU1meM2TWOF"
     "8xKQ3wXQkrpFWHQsbsJEUZX31zazYw2U6uSFKajdmntdjqrZdCWJsQWAo9CiZVBW2ACaYIMsLKvb5qQT-zpZ9k-b"
     "0K8sL_mCofSfNWJxMP6icUmhocX_qy6NROkYHy2CE7uxX0TD1eOFVb6CP-j7g1rq1LtgvECJCqFY0whDg",
     ERR_TOKEN_INVALID},
    {"a kid that is not there",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.H0Akhlj5cPwqCzzWaro4mMY9oT5eVxcLnjwOwZp32lSwzj_Lc6XpNv_KsERSiPV7w4n0s7JnysqnRMAGQu8dc"
     "T-XLBhiGHExpjjIh1x7Ss2RzvJa-SzNtZFML0waYnu5d9u9j-22Im_m18mXikiPM7iZnR-W7iDKQ-GlVhcqeKBn7"
     "QLMoYdJBcnHBUKvf41gVouTU4EGo4Yy_HsUNYoX8wRttpcum5QyQakq1UPoPuZWue6Fyo1y19LyjBseZUFG1FvHp"
     "SeZD8WEO1BcMhJI5tiJ49UQpa8A3GPomn138-Pq_bCZ_dzsla-R31uZkvf25qL08oaXxkx2zZr2hd0K7A",
     ERR_MISSING},
    {"PS256 by a key for RS256",
     "eyJhbGciOiJQUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.gHmBPeC5Iznh4Hs_f10-RtDAyYZi5Bsclv9uxivM_lNmIvLOFxA8PfrbXNfTvtrGjzfTiyo930lO-kur31pB-"
     "1Rj89DE_qMYnWqSZhaFpv_7Hz1KUbzeHaq1cRZL2wF01Y6SySL1ykOKwZguvzdvxxjglijmPiL9x841nJdgHYazb"
     "OrPFQwOrUl4wCgmWE-uIBK6m6vBukSw7m8wVhqINUrmVgND_u1yG5hmpIGSQQ4tCEcsXCPaKSupJCNM9NXpEwVGX"
     "NbAw454Kl3I4t6EM9xENnOyrLh3M2S83R0s7XhLzE-wY-PPrKIuKq0JgBUI9AhYmItW3rrnM2mBFdCoVg",
     ERR_MISSING},
    {"RS256 by a key for PS256",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InAifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.FmmfI0J807ZM2P4_9H0f8kaz2hvRiWn96aFzJrMZZ8tYLmZ5261q0WDKYX_R_jxNOONnkWwdIUUOmq_c2rffu"
     "I_hdOYRtm7_NF4ofQ6jIzRIQmysSWDlzHZS--TRfc6rasb1GEy4ByLsmklRK8m2SfSrWXnDUDTwb90eVYRhvrZjq"
     "wb-NdxiImr_8_JXaQ86147mscKhlZhugx8wD8Xu-i5_88HDzfG_z7uiaxt7fKk8Cuo-sYo5Ct4qbdayobVFuRWIT"
     "klSRNH6ZmH5QKu9TeCb7AhdcdGHLOMv02oGuTIj9oMqBVZP0Pn856N2Ms-Tytk6Kx-z5HBU5HpyZRPwPQ",
     ERR_MISSING},
    {"HS256 with the public key",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.p-qFvfnF4CgNLE-zoK1HNgDIbNPbTNmOX4oU1sKH3ag",
     ERR_TOKEN_INVALID},
    {"HS256 with the public JWK",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.1JI4g6N10l0j3onUtfUdHRyOBgNQ3YRwSIhpjaFmQ88",
     ERR_TOKEN_INVALID},
    {"HS256 with the published secret",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiO"
     "iJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsI"
     "mVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFub"
     "iIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkI"
     "n0.7y48mFnO7Lh5ybgnFl-7J2Cq9PhPPKIh2UJ8_dOAq70",
     ERR_TOKEN_INVALID},
    {"none",
     "eyJhbGciOiJub25lIiwia2lkIjoiciJ9.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyODk"
     "3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiOiJ"
     "uLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsImV"
     "tYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFubiI"
     "sImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkIn0"
     ".",
     ERR_TOKEN_INVALID},
    {"the key in the header",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJqd2siOnsia3R5IjoiUlNBIiwibiI6IngyNzNjdWVRYUZDd1hrZUhI"
     "cEZ0dERHbjBaOEUxd0pQTEIySjZESWRzYjF5TG05Q29JM2hua2V2WXNjY2RfM2FUMU1XVTlIc2hmYkxhU3VFWVht"
     "M1U4R0dKZ0dycnltamh3RFk5UDZIYU1veHNIdmN1WlY4a21aN0ZQTGpuSU5vUmd2MkszanJkRTdHbjA2VW01UV9H"
     "MTlsVGM5YmlZa2FEZWl1ZFdla2lzdWJoWnpUU2RtYjBTaENtNWhRaEppaVA2bnNIWjA5U1I0UmRSWVBQcFhNdGVh"
     "TWdCa3dBcUp1MjlSLUZ2ODUzM1I3THIwNnVUUzNadkxYQWg0OWFVcEVNYmNKMjhXelhzX3owNThSRWoyVVN1UHhY"
     "TS1GODZvRDRDOEsyTWpXUXVKZWNjTGo1OHdPT0tqRTBRSXNwLUFmTjFCdjRqQ1hoY2pFOEstWko0emJmUSIsImUi"
     "OiJBUUFCIn19.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyODk3NjEwMDEiLCJhdWQiOiJ"
     "jbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiOiJuLTBTNl9XekEyTWoiLCJ"
     "henAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsImVtYWlsIjoiYW5uQGV4YW1"
     "wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFubiIsImZhbWlseV9uYW1lIjo"
     "iTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkIn0.wIuh7OVOEQE9dQK_yhl"
     "QMYL1EwwRxpOZiAMP3TUzhNlyhQSe8cjDnl2w4JqMmAPRtaVraKMym8U1ajmRThZKACK5qAa_uLdoodII_ZMCuO-"
     "KZGh-aNsvQz3tyVkm_y8KUdzHVwOq7pJVtghV4teOHW24PCRG9bCMwzYNtOPg2n4wTUaACC1a4lCVqDnQ3cZ_b6z"
     "U6kN2Js-Z1yOibBbCFnA4Pwdp8ZFWwIdjFfHfkyYafuL0GAiZ7j_f6QTqqEPpTSlpA0SyGhRtxrJDTaYBH5h1RWp"
     "wpqt9opdtmSgQW7bjh_OHdiwIHuWmyRzDaXGXWt8ryOK2ENK3EqeStlp1Gg",
     ERR_TOKEN_INVALID},
    {"a crit",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJjcml0IjpbImV4cCJdfQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wb"
     "GUiLCJzdWIiOiIyNDgyODk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxM"
     "TI4MDk3MCwibm9uY2UiOiJuLTBTNl9XekEyTWoiLCJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZ"
     "npXdEYyQW5wSzlSUSIsImVtYWlsIjoiYW5uQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ"
     "2l2ZW5fbmFtZSI6IkFubiIsImZhbWlseV9uYW1lIjoiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxM"
     "TItMzZhMzA0YjY2ZGFkIn0.JmQXs-BLpty1jLm1vTqP1bafzG5ZfC3fSyyoWT8cG6oeuWIheBH9KXfto7l7O_H9r"
     "oRDW8TeyDs1bpZaR__PtC-Te7CEu9QGkK5UnryvTMlJ_CZBKBrBm_lmpEgG63yr6MESpVLfS2kOWlzeQj9VTSeuP"
     "1fsaKkaH9zcvk-IFQyhF9HjZHezZV_-ElmS7XxO-nQ7MqJUwempgXdleByCUi91bOuTroybbHTrBp9xHd_S7cG2J"
     "GrwsVL9P_9g-Nxs8OYxgLiAb7xERxqf6ju3gdIsTeN62pWC3AzmqhggMwVTHWw-4Mb81Y28yiDAzy2ulvcrL9Ezp"
     "qBU-9CgmNPzOw",
     ERR_TOKEN_INVALID},
    {"no audience",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJleHAiOjEzMTEyODE5NzAsImlhdCI6MTMxMTI4MDk3MCwibm9uY2UiOiJuLTBTNl9XekEyTWoiL"
     "CJhenAiOiJjbGllbnQiLCJhdF9oYXNoIjoiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIsImVtYWlsIjoiYW5uQGV4Y"
     "W1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIiwiZ2l2ZW5fbmFtZSI6IkFubiIsImZhbWlseV9uYW1lI"
     "joiTGVlIiwidGlkIjoiOTE4ODA0MGQtNmM2Ny00YzViLWIxMTItMzZhMzA0YjY2ZGFkIn0.bfyK4C469DMfwR__X"
     "QY0mCIjzWEq1g0exJF1Y9DGkoVKpi4nTM-mr86Efw6tiE6e_A_QhN1HoxDue9sCsFbteTKTmU2oMCOgII72mhJAX"
     "_y5PV9miAh47LtmVsvqIe_qS0lwiSIUgUr5ee7XcvSG2TWs7YIkDhOjNo1PTB5_unSxiKbVWo1EKNAaCRMyz-G2Q"
     "l7uXGJNI78SiOmNQHiSxJXnHSGnuZfk2_yNSQe0h71IKftdwC-CmaQktIUp6mqsvudO7nKNI2TDRMe5j2h43gnOE"
     "oyGH6PyQcC9nqwtzejaxeIHMXtFbq0ml7RX4BdEOrNJWR1ijHxQpQ-wXxx3ng",
     ERR_TOKEN_INVALID},
    {"a subject that is a number",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOjEsImF1Z"
     "CI6ImNsaWVudCIsImV4cCI6MTMxMTI4MTk3MCwiaWF0IjoxMzExMjgwOTcwLCJub25jZSI6Im4tMFM2X1d6QTJNa"
     "iIsImF6cCI6ImNsaWVudCIsImF0X2hhc2giOiI3N1FtVVB0alBmeld0RjJBbnBLOVJRIiwiZW1haWwiOiJhbm5AZ"
     "XhhbXBsZS5jb20iLCJlbWFpbF92ZXJpZmllZCI6InRydWUiLCJnaXZlbl9uYW1lIjoiQW5uIiwiZmFtaWx5X25hb"
     "WUiOiJMZWUiLCJ0aWQiOiI5MTg4MDQwZC02YzY3LTRjNWItYjExMi0zNmEzMDRiNjZkYWQifQ.l3K0aAaR5Go0DK"
     "CQDYzEPqazrJ88NtVXDnsir20VuvkrEsjOsLxP_rX8UYoL3fwTFfy4DWlUoXo-5CaO8coIJxnH6CuaAWkugQXrfl"
     "QTeWOmmYS1HQgiFqf5oGUPxAcXGkPDMGfV03fL1GHfzPr8r2W5Yx-VQ8Y-Au93VeSUazqo-bOUrceWLaX5SPHWim"
     "tAAmbTEL_sgf60WXkL-X0cia-nAv-XyR-8PGgizzhgXrc9uUoTxFstHdgi-sh3y-CrIHOGgkXU0czZWy54o3sZT-"
     "s1JO9ISSe01yFkVl7-1a3iIE9cGwIPnsrps60S31x8XkRZgA6YoaDmWHOsPjgvJg",
     ERR_TOKEN_INVALID},
    {"a subject of 256 letters",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiJhYWFhY"
     "WFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhY"
     "WFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhY"
     "WFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhY"
     "WFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhIiwiYXVkIjoiY2xpZ"
     "W50IiwiZXhwIjoxMzExMjgxOTcwLCJpYXQiOjEzMTEyODA5NzAsIm5vbmNlIjoibi0wUzZfV3pBMk1qIiwiYXpwI"
     "joiY2xpZW50IiwiYXRfaGFzaCI6Ijc3UW1VUHRqUGZ6V3RGMkFucEs5UlEiLCJlbWFpbCI6ImFubkBleGFtcGxlL"
     "mNvbSIsImVtYWlsX3ZlcmlmaWVkIjoidHJ1ZSIsImdpdmVuX25hbWUiOiJBbm4iLCJmYW1pbHlfbmFtZSI6IkxlZ"
     "SIsInRpZCI6IjkxODgwNDBkLTZjNjctNGM1Yi1iMTEyLTM2YTMwNGI2NmRhZCJ9.HejpGSlyio6L7MY3nSvSJisX"
     "WLltzFpmSVq-uO2DryicnoueShBx9K2b2r0n_PScvfR2Nfk9aS-KUpMdfWCqzJVI4NG0y49W0PaH0UsE6IRGefmF"
     "kDyamkVnwVjwgQStlCO_0BnWuGitb9XP7SEX0gGbNGPCZr1scf-QOmmKFzplkwSanJAr58VUliug22c3qoWsK2Z6"
     "7mQdHi3JGtrwMRlkzTguVoJmyE9rfIp-LbC49PU-SDpipFQy-atZkvicod7vxM8OsI1aSoWmKoyz98NhDpc37r5T"
     "C3N-p1ySg6TL13x8eIBibGNsCLfejc2ydU0lVqSBGvXEwz2OnfPN-w",
     ERR_TOKEN_INVALID},
    {"an end that is a text",
     "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyO"
     "Dk3NjEwMDEiLCJhdWQiOiJjbGllbnQiLCJleHAiOiIxMzExMjgxOTcwIiwiaWF0IjoxMzExMjgwOTcwLCJub25jZ"
     "SI6Im4tMFM2X1d6QTJNaiIsImF6cCI6ImNsaWVudCIsImF0X2hhc2giOiI3N1FtVVB0alBmeld0RjJBbnBLOVJRI"
     "iwiZW1haWwiOiJhbm5AZXhhbXBsZS5jb20iLCJlbWFpbF92ZXJpZmllZCI6InRydWUiLCJnaXZlbl9uYW1lIjoiQ"
     "W5uIiwiZmFtaWx5X25hbWUiOiJMZWUiLCJ0aWQiOiI5MTg4MDQwZC02YzY3LTRjNWItYjExMi0zNmEzMDRiNjZkY"
     "WQifQ.AGkFVJyqend15Vbpk4DzYta8ItgQiKrFxPcr9CTculR28Yc9YCDfhYpB2mzTuYBalzyf7tli3azlKTIVVd"
     "TnC79AAgwtp8DRNGVQEjQX_MrsbZdecwWqWcqN-dte0VOsH810n4MWn-Hsa1b10BeMyVnrEIJfXi8F0hHY-tQjQ-"
     "SDXXNBSJOf7yGY82-a6QoCLHv_O-mYpyr4PiDw6POICDZljKXQm3MFZS6NltPsc4mA8W7GZyiC02j0srBJrRf1TL"
     "7Edu_MtmmtcKwwedzEI1Rtk5Txh49Bzixhgd9ej8zgCgLb1PaLNtKQN5RB5LdQYITy9tbCl7vyYjtTyPjxvQ",
     ERR_TOKEN_INVALID},
};
// clang-format on
