package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// readSecret reads the secret's current version (AWSCURRENT).
func readSecret(ctx context.Context, region, arn string) (login, error) {
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return login{}, err
	}
	answer, err := secretsmanager.NewFromConfig(settings).GetSecretValue(ctx,
		&secretsmanager.GetSecretValueInput{SecretId: aws.String(arn)})
	if err != nil {
		return login{}, err
	}
	if answer.SecretString == nil {
		return login{}, errors.New("the secret is binary, not the JSON of a database secret")
	}
	found, err := parseSecret(*answer.SecretString)
	if err != nil {
		return login{}, fmt.Errorf("the secret %s: %w", arn, err)
	}
	return found, nil
}

// parseSecret reads "The JSON structure of AWS Secrets Manager database
// credential secrets"; port may be a number or text.
func parseSecret(text string) (login, error) {
	var secret struct {
		Username string          `json:"username"`
		Password string          `json:"password"`
		Host     string          `json:"host"`
		Port     json.RawMessage `json:"port"`
		Database string          `json:"dbname"`
	}
	if err := json.Unmarshal([]byte(text), &secret); err != nil {
		// The JSON error is not wrapped because it may quote the secret.
		return login{}, errors.New("not the JSON of a database secret")
	}
	if secret.Username == "" || secret.Password == "" {
		return login{}, errors.New(`"username" and "password" are required`)
	}
	found := login{Username: secret.Username, Password: secret.Password, Host: secret.Host,
		Database: secret.Database}
	if len(secret.Port) > 0 && string(secret.Port) != "null" {
		var number json.Number
		var err error
		if err = json.Unmarshal(secret.Port, &number); err == nil {
			found.Port, err = strconv.Atoi(number.String())
		}
		if err != nil || found.Port < 1 || found.Port > 65535 {
			return login{}, errors.New(`"port" is not a port number`)
		}
	}
	return found, nil
}
