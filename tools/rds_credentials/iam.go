package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/rds/auth"
)

// How long RDS accepts a token ("IAM database authentication", Aurora user guide).
const tokenLife = 15 * time.Minute

type tokenRequest struct {
	host string
	port int
	user string
}

// sign creates a token with the AWS credentials of the environment. It does not call
// RDS: RDS rejects a user without permission, and a wrong host fails, on connecting.
func (r tokenRequest) sign(ctx context.Context, region string) (login, error) {
	aws, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return login{}, err
	}
	if aws.Region == "" {
		return login{}, errors.New("no region: set --region or AWS_REGION")
	}
	// Retrieved once, so that the expiry belongs to the credentials that sign.
	signer, err := aws.Credentials.Retrieve(ctx)
	if err != nil {
		return login{}, fmt.Errorf("no AWS credentials to sign with: %w", err)
	}
	expires := time.Now().Add(tokenLife).UTC().Truncate(time.Second)
	// A token expires with the session that signed it.
	if signer.CanExpire && signer.Expires.Before(expires) {
		expires = signer.Expires.UTC()
	}
	endpoint := net.JoinHostPort(r.host, strconv.Itoa(r.port))
	token, err := auth.BuildAuthToken(ctx, endpoint, aws.Region, r.user,
		credentials.StaticCredentialsProvider{Value: signer})
	if err != nil {
		return login{}, err
	}
	return login{Username: r.user, Password: token, ExpiresAt: &expires, Host: r.host, Port: r.port}, nil
}
